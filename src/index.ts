/**
 * hasim: how available is this cluster, why not more, and how sure are we?
 *
 * The façade: what most programs need. The parts have doors of their own: `hasim/engine`, `hasim/raft`, `hasim/stats`,
 * `hasim/experiment`, `hasim/report`, `hasim/linearizability`, `hasim/etcd`.
 *
 * @module
 */
export { formatProblem, type Problem, type Result } from './base/result.ts'
export {
  type ExperimentConfig,
  type ReadFile,
  type ResultFile,
  readExperiment,
  replicate,
  runExperiment,
  type Sample,
  solverProblems,
} from './experiment/index.ts'
export { renderCsv, renderHtml, renderMarkdown, renderTable } from './report/index.ts'
