import type { ReplayFile } from '../experiment/replay.ts'
import { replayText } from '../host/replay-files.ts'
import { wantsColour, writeOut } from '../host/terminal.ts'
import { renderReplayMarkdown } from '../report/replay-markdown.ts'
import { renderReplay } from '../report/replay-table.ts'
import { terminalWidth } from './print-result.ts'

/** Prints replays on standard output; as JSON one document, an array if there are several. */
export function printReplays(files: readonly ReplayFile[], format: string): void {
  const options = { colour: wantsColour('stdout'), width: terminalWidth() }
  if (format === 'json') writeOut(replayText(files.length === 1 ? files[0]! : files))
  else if (format === 'markdown') writeOut(renderReplayMarkdown(files))
  else writeOut(files.map((file) => renderReplay(file, options)).join('\n'))
}
