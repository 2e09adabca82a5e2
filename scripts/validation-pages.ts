import { TABLES } from '../src/validate/table.ts'
import type { ValidationCase } from '../src/validate/validation-case.ts'

/** What a page says before its figures. */
export interface Page {
  readonly table: string
  readonly title: string
  readonly text: string
}

/** The pages of docs/validation/. */
export const PAGES: readonly Page[] = [
  {
    table: 'T1',
    title: 'The dependable workstation cluster',
    text: `**System.** Two racks of N workstations, a switch in each, a backbone between them, one repair unit.
**Rates.** A workstation fails once in 500 h, a switch in 4000 h, the backbone in 5000 h; repairs take 30 min, 4 h and 8 h.
While the repair unit is idle an inspection of 6 min races for each class with something down; the first to end takes it.
**Question.** With k = ⌊0.75 N⌋ workstations needed (connected), how often is service below that minimum: in the long run, at
an instant, ever before it, and for how many hours? And below premium (k = N)? How many workstations are in operation, and
how many repairs have been completed?
**Answer.** A Markov chain, its two sides lumped (for N = 16: 5117 states of 10 132). Premium for N = 2 and 4 is published
(Haverkort, Hermanns and Katoen 2000, as kept in the Quantitative Verification Benchmark Set), so are, as intervals, the hours
below minimum in 2000 h for N = 64 and premium for N = 128 (the full form computes them); the rest was recomputed from
the published rates by an independent solver. \`experiments/systems/workstation-cluster-2.yaml\` asks the same.`,
  },
  {
    table: 'raft',
    title: 'T3, how long elections take',
    text: `**System.** Five members of a Raft group that need a leader; for split votes three to nine, of which some are alive.
**Rates.** Wide area: one way uniform on 30 to 40 ms, timeouts uniform on 300 to 600 ms, all timers fresh, 0, 1 or 2 of 5 failed.
Local network: one way uniform on 1 to 5 ms and 2 ms until a vote is durable (both fitted), timeouts as in the rows, the
leader crashed at a random instant of its heartbeat interval, two of the four others unable to win.
**Question.** How long does it take to have a leader? How often is a vote split, so that it has to be held again?
**Answer.** Curves and shares of D. Ongaro's thesis (*Consensus: Bridging Theory and Practice*, 2014, chapter 9), closed forms of
split votes and of the first timeout, and simulations that others wrote. What is played is the Raft core of every simulated
etcd member. What is shown and not judged has its reason in [docs/validation.md](../validation.md#raft-how-long-elections-take), and more
figures, of the full form.`,
  },
  {
    table: 'T4',
    title: 'Quorum systems: what they carry',
    text: `**Systems.** Reads ask a read quorum, writes a write quorum, and any two such meet: a majority of 3 and of 5, two nodes of
4, grids of 2 x 2, 2 x 3 and of a row of two over a row of three, paths over five nodes. The write quorums are the smallest
that meet every read quorum.
**Rates.** Requests a second that a node can do, reads and writes apart; seconds until it answers; the share of requests that
are reads, in the case study nine shares with the time that each held.
**Question.** Which losses does it always survive? How much does it carry under the best strategy (with which probability to
ask which quorum), also if every request is to survive a loss among those it asks? How quick is it, within a load?
**Answer.** Losses by enumeration, strategies by a linear programme (Naor and Wool 1998; Whittaker et al. 2021, whose
numbers these are, with those of their library Quoracle). The load of a node is the expected share of requests that touch it,
over what it can do; capacity is one over the load of the busiest. Under a mix of read shares *one* strategy makes the mean
load least, and its capacity is the weighted mean over the shares: that gives the published 159.304. A strategy for each share
on its own would give 168.095. The columns found by a search of limited time are no reference and left out.
**Solver.** HiGHS (npm \`highs\`, WebAssembly, loaded by these cases alone). Beside YALPS, a small pure JavaScript simplex
that also reproduces every published digit, it keeps the fractions to 1e-15 (YALPS rounds to a tolerance: 1e-8, or 1e-13
where that is asked for) and it returns the prices of all rows. With these each optimum is *proved* here, by weak duality to
1e-9, instead of believed. The price is 3.8 MB on disk and 50 ms to load.`,
  },
  {
    table: 'T5',
    title: 'Quorums: k of n',
    text: `**System.** n alike members of which a majority must be up.
**Rates.** Members down with probability p, independently; or failing once in 2000 h and repaired in 4 h, each on its own or
by one crew in turn; or with a share β of each member's failures being one event that takes all, with one repair.
**Question.** What is lost, and when for the first time?
**Answer.** Binomial sums and birth–death chains. An even n is worse than n − 1; five lose 150 times less than three while
nothing is shared, and 1.6 times less when 1 % is.`,
  },
  {
    table: 'T6a',
    title: 'The computing system, without propagation',
    text: `**System.** Two types of two processors, two sets of two controllers, six clusters of four disks; one of each type and
set and three of each cluster are needed.
**Rates.** Processors and controllers fail once in 2000 h, disks in 6000 h; half of the repairs take 1 h on average, half 2 h.
**Question.** What does it matter who repairs: everybody at once, or one repairman in random order?
**Answer.** Independent modules combined; for the repairman a chain cut at so many failures at once, with the error that
leaves, and biased cycles (Goyal, Shahabuddin, Heidelberger, Nicola and Glynn 1992 for the system). Exact values were
computed independently.`,
  },
  {
    table: 'T6b',
    title: 'A database with redundancy: a ladder of rare events',
    text: `**System.** As T6a, with RED processors or controllers to a set and RED + 2 disks to a cluster; everybody is repaired at
once (Villén-Altamirano 2007, in the lay-out of the FIG tool).
**Rates.** Each component fails with rate 2 / (FT · RED) an hour (disks a third of that); half of the repairs take 1 h, half 2 h.
**Question.** How unavailable is it, from one in two hundred thousand down to one in 10²¹?
**Answer.** Exactly, by combining independent modules; and by biased cycles, whose work hardly grows with rarity.`,
  },
  {
    table: 'T7',
    title: 'Disk arrays: mean time to data loss',
    text: `**System.** n disks, data lost when more than one (or two) are down at once.
**Rates.** MTTF and MTTR as in the rows; rebuilt each on its own or one after the other.
**Question.** How long until data are lost, from new?
**Answer.** First passage of a chain, held against its closed form. With two tolerated, rebuilding one by one instead of in
parallel halves the time: the two textbook formulas differ by just that.`,
  },
  {
    table: 'T11',
    title: 'Fixed lives in series',
    text: `**System.** A and B in series.
**Rates.** A fails every 100 h, B every 120 h of operating time; repair takes 10 h; nothing ages while the system is down.
**Question.** What happens in 300 h?
**Answer.** Four failures, 40 hours down (ReliaSoft's hand-worked example), played event by event: a clock that ran on
during outages would fail earlier.`,
  },
  {
    table: 'oracles',
    title: 'Reference values of fifty digits',
    text: `**Systems.** Majorities, crews, unlike members, Weibull and lognormal times, zones, common causes, write paths with
balancers, leader failover, rolling reboots, permanent loss, the workstation cluster, rare outages, quorum systems.
**Question.** Do the exact solver, biased cycles and the simulation give the values that explicit generators give with fifty
digits?
**Answer.** Exact values within 1e-10 (or three times the reference's own error), estimates within four standard errors.
Solvers that do not apply (a law without phases, a calendar) are not listed; a value that nothing computes stands there with
the reason. Of a leader's service, lost quorums and elections are told apart by what holds: an outage begins with a lost
quorum where a member fails while just a quorum is up and led. Loads of quorum systems: as on the page of T4.`,
  },
]

/** A page as Markdown, its figures computed: the fast form, which is all of them but large or repeated cases. */
export async function pageOf(name: string): Promise<string> {
  const page = PAGES.find(({ table }) => table === name)!
  const table = TABLES.find((one) => one.name === name)!
  const rows: string[] = []
  for await (const one of table.cases({ seed: name, fast: true })) rows.push(rowOf(one))
  const head = '| case | expected | computed | distance | |\n|--|--|--|--|--|'
  const again = `Computed by \`hasim validate ${name} --fast\`; without \`--fast\` there is more of the same.`
  return `# ${name}: ${page.title}\n\n${page.text}\n\n${again}\n\n${head}\n${rows.join('\n')}\n`
}

/** Ten digits are the same on every machine; distances from rounding alone are told as such. */
function rowOf({ case: name, expected, computed, measure, distance, verdict }: ValidationCase): string {
  const isDigits = measure === 'relative error'
  const isNumber = isDigits && !Number.isNaN(Number(computed))
  const value = isNumber ? String(Number(Number(computed).toPrecision(10))) : computed
  const far =
    distance === null
      ? measure
      : isDigits && distance < 1e-10
        ? 'below 1e-10'
        : `${distance.toPrecision(2)} (${measure})`
  return `| ${name} | ${Number.isNaN(Number(expected)) ? expected : Number(Number(expected).toPrecision(12))} | ${value} | ${far} | ${verdict} |`
}
