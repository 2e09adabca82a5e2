/**
 * Colours of charts and page. The series are those of Okabe and Ito (Color Universal Design, 2008), which readers with
 * any kind of colour vision tell apart; in the dark they are lightened. Charts are drawn in the light colours and each
 * becomes a CSS variable of the page, so that one drawing serves light, dark and paper.
 */
interface Colour {
  readonly variable: string
  readonly light: string
  readonly dark: string
}

/** Colours of variants and of causes, in the order in which they are handed out. */
export const SERIES: readonly Colour[] = [
  { variable: '--series-1', light: '#0072b2', dark: '#5bb5ee' },
  { variable: '--series-2', light: '#d55e00', dark: '#ff9148' },
  { variable: '--series-3', light: '#009e73', dark: '#3ecfa4' },
  { variable: '--series-4', light: '#cc79a7', dark: '#e6a5c9' },
  { variable: '--series-5', light: '#e69f00', dark: '#f7c04a' },
  { variable: '--series-6', light: '#56b4e9', dark: '#a5d8f6' },
  { variable: '--series-7', light: '#7a6a00', dark: '#d8cc63' },
  { variable: '--series-8', light: '#8a8f98', dark: '#a3a9b3' },
]

/** Ink, quiet ink, lines and paper. */
export const INK: Colour = { variable: '--ink', light: '#1b1f24', dark: '#e8eaed' }
export const QUIET: Colour = { variable: '--quiet', light: '#59636e', dark: '#9aa4b0' }
export const LINE: Colour = { variable: '--line', light: '#dfe3e8', dark: '#343a42' }
const PAPER: Colour = { variable: '--paper', light: '#ffffff', dark: '#15181c' }

const ALL: readonly Colour[] = [...SERIES, INK, QUIET, LINE, PAPER]

/** The declarations of every colour variable, for one scheme. */
export function colourVariables(scheme: 'light' | 'dark'): string {
  return ALL.map((colour) => `${colour.variable}:${colour[scheme]}`).join(';')
}

/** A drawing whose fixed colours follow the page's variables, with the light colour where there is no page. */
export function followPage(svg: string): string {
  return ALL.reduce(
    (text, colour) => text.replaceAll(`"${colour.light}"`, `"var(${colour.variable},${colour.light})"`),
    svg,
  )
}

/** Vega-Lite `config` of every chart. */
export const CHART_CONFIG = {
  background: null,
  aria: false,
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    labelColor: QUIET.light,
    titleColor: QUIET.light,
    titleFontWeight: 'normal',
    labelFontSize: 12,
    titleFontSize: 12,
    titlePadding: 10,
    gridColor: LINE.light,
    domainColor: LINE.light,
    tickColor: LINE.light,
    labelLimit: 0,
  },
  axisX: { tickCount: 6 },
  axisY: { labelColor: INK.light, domain: false, ticks: false, labelPadding: 8 },
  header: { labelColor: INK.light, labelFontSize: 13, labelFontWeight: 'bold', labelAnchor: 'start', title: null },
  legend: {
    labelColor: INK.light,
    labelFontSize: 12,
    title: null,
    orient: 'top',
    offset: 12,
    symbolSize: 120,
    labelLimit: 0,
    columns: 4,
  },
  title: { color: INK.light },
  text: { color: INK.light, fontSize: 12 },
} as const
