/**
 * What a result file says, for people: a terminal table, Markdown, CSV, and a self-contained HTML page with charts.
 * @module
 */
export { renderTable, type TableOptions } from './table.ts'
