/**
 * What a result file says, for people: a terminal table, Markdown, CSV, and a self-contained HTML page with charts.
 * All are functions of the result alone: the same file gives the same text.
 * @module
 */
export type { Chart } from './chart.ts'
export { drawChart } from './chart-svg.ts'
export { chartsOf } from './charts.ts'
export { CSV_COLUMNS, renderCsv } from './csv.ts'
export { renderHtml } from './html.ts'
export { renderMarkdown } from './markdown.ts'
export { renderTable, type TableOptions } from './table.ts'
