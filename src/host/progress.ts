import type { SingleBar } from 'cli-progress'
import { formatNumber } from '../base/format.ts'
import type { Progress as RunProgress } from '../experiment/runner.ts'
import { isTerminal, wantsColour } from './terminal.ts'

/** Shows a run's progress to whoever looks at standard error; silent where nobody does. */
export interface Progress {
  show(view: RunProgress, variants: readonly { readonly id: string }[]): void
  close(): void
}

const SILENT: Progress = { show() {}, close() {} }

/** A line on standard error while it is a terminal and `quiet` was not asked for. */
export async function startProgress(name: string, quiet: boolean): Promise<Progress> {
  const bar = await startBar(`${name} {bar} {percentage}% · {effort} each · {precision}`, 100, quiet)
  return bar === null ? SILENT : barOf(bar)
}

/** The same while uncertain inputs are drawn: how many of them are solved. */
export async function startDrawProgress(name: string, total: number, quiet: boolean) {
  const bar = await startBar(
    `${name} {bar} {percentage}% · draw {value} of {total} of the uncertain inputs`,
    total,
    quiet,
  )
  return { show: (done: number) => bar?.update(done), close: () => bar?.stop() }
}

/** null: nobody looks. */
async function startBar(format: string, total: number, quiet: boolean): Promise<SingleBar | null> {
  if (quiet || !isTerminal('stderr')) return null
  const { default: cliProgress } = await import('cli-progress')
  const bar = new cliProgress.SingleBar({
    format,
    barCompleteChar: wantsColour('stderr') ? '█' : '#',
    barIncompleteChar: wantsColour('stderr') ? '░' : '.',
    barsize: 24,
    // Whatever ends the process, the terminal is left as it was.
    hideCursor: false,
    linewrap: true,
    clearOnComplete: true,
    stream: process.stderr,
    fps: 5,
  })
  bar.start(total, 0, { effort: '0 years', precision: '' })
  return bar
}

function barOf(bar: SingleBar): Progress {
  return {
    show({ years, cycles, share, relativeHalfWidth }, variants) {
      const widest = relativeHalfWidth.reduce((at, width, i) => (width > (relativeHalfWidth[at] ?? 0) ? i : at), 0)
      const width = relativeHalfWidth[widest] ?? Number.POSITIVE_INFINITY
      const precision = Number.isFinite(width)
        ? `${variants[widest]?.id ?? ''} ± ${formatNumber(100 * width)} %`
        : 'nothing lost yet'
      const effort = cycles > 0 ? `${cycles} cycles` : `${years.toFixed(years < 10 ? 1 : 0)} years`
      bar.update(Math.floor(100 * Math.min(1, share)), { effort, precision })
    },
    close: () => bar.stop(),
  }
}
