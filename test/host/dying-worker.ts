/** What a thread does that the machine kills in mid-task: it is gone without a word. */
export function work(): never {
  process.exit(3)
}
