import { mkdirSync, writeFileSync } from 'node:fs'
import { find } from '../test/mutations/find.ts'
import { SEEDED_BUGS } from '../test/mutations/index.ts'

/** Writes docs/seeded-bugs.md: what finds each seeded bug, how soon, and how small the schedule is that shows it. */
const rows = Object.entries(SEEDED_BUGS).map(([name, bug]) => {
  const { finding } = find(name, bug)
  if (finding === undefined) throw new Error(`${name} is not found within ${bug.within} runs`)
  const { violation, run, plan } = finding
  return `| \`${name}\` | ${bug.title} | ${bug.source} | ${violation.invariant} | ${run} of ${bug.within} | ${plan.steps.length} |`
})
mkdirSync('docs', { recursive: true })
writeFileSync(
  'docs/seeded-bugs.md',
  `# Seeded bugs

Bugs that are put into the Raft core or its host on purpose, and what \`hasim check\`'s search makes of each: the
invariant that caught it (see [invariants](invariants.md)), the run in which it was found with the bug's name as seed, of how many it may take,
and the number of scheduled steps left once the schedule is shrunk. A size of 0 needs nothing but the group's ordinary traffic.
How a bug is put in, and how to add another, stands in \`test/mutations/README.md\`. This table is written by
\`npx tsx scripts/seeded-bugs.ts\`.

| bug | what is wrong | source | caught by | run | steps |
|---|---|---|---|---|---|
${rows.join('\n')}
`,
)
console.log(`${rows.length} bugs found`)
