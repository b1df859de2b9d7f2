/** One line of a plot. */
export interface PlotSeries {
  readonly name: string
  /** By rising x. */
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Mark the points; for few of them. */
  readonly marks?: boolean
}

export interface Plot {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly xTicks: readonly number[]
  readonly yTicks: readonly number[]
  readonly isLogX?: boolean
  readonly series: readonly PlotSeries[]
}

const width = 760
const height = 380
const frame = { left: 64, right: 180, top: 40, bottom: 52 }
/** Told apart in grey and by most eyes, legible on white and on near-black. */
const colours = ['#3b82c4', '#d9772b', '#2f9e6e', '#c2507f', '#8a6fc9', '#8f8f3a', '#4fa3b8']

/** Follows the reader's colour scheme, as the page around it does. */
const style = `
  .text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round }
  @media (prefers-color-scheme: dark) {
    .text { fill: #d6dde4 }
    .grid { stroke: #3d444d }
  }`

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const fixed = (value: number) => String(Math.round(value * 10) / 10)

/** An SVG document. Points outside the ticks are drawn at the edge. */
export function drawPlot(plot: Plot): string {
  const { title, xLabel, yLabel, xTicks, yTicks, series, isLogX = false } = plot
  const x = scale(xTicks, frame.left, width - frame.right, isLogX)
  const y = scale(yTicks, height - frame.bottom, frame.top, false)
  const [left, right, top, bottom] = [frame.left, width - frame.right, frame.top, height - frame.bottom]
  const body = [
    text(left, 22, title, 'title'),
    ...yTicks.flatMap((tick) => [
      `<line class="grid" x1="${left}" x2="${right}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}"/>`,
      text(left - 8, y(tick) + 4, String(tick), '', 'end'),
    ]),
    ...xTicks.flatMap((tick) => [
      `<line class="grid" x1="${fixed(x(tick))}" x2="${fixed(x(tick))}" y1="${top}" y2="${bottom}"/>`,
      text(x(tick), bottom + 18, String(tick), '', 'middle'),
    ]),
    text((left + right) / 2, height - 12, xLabel, '', 'middle'),
    `<text class="text" text-anchor="middle" transform="translate(16 ${(top + bottom) / 2}) rotate(-90)">${escaped(yLabel)}</text>`,
    ...series.flatMap((one, index) => drawSeries(one, colours[index % colours.length] as string, index, x, y)),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<style>${style}
</style>
${body.join('\n')}
</svg>
`
}

type Scale = (value: number) => number

function scale(ticks: readonly number[], from: number, to: number, isLog: boolean): Scale {
  const of = isLog ? Math.log : (value: number) => value
  const [low, high] = [of(ticks[0] ?? 0), of(ticks.at(-1) ?? 1)]
  return (value) => from + Math.min(1, Math.max(0, (of(value) - low) / (high - low))) * (to - from)
}

function drawSeries({ name, points, marks }: PlotSeries, colour: string, index: number, x: Scale, y: Scale): string[] {
  const path = points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${fixed(x(px))} ${fixed(y(py))}`).join('')
  const legendX = width - frame.right + 16
  const legendY = frame.top + 8 + 20 * index
  return [
    `<path class="line" stroke="${colour}" d="${path}"/>`,
    ...(marks
      ? points.map(([px, py]) => `<circle cx="${fixed(x(px))}" cy="${fixed(y(py))}" r="3.5" fill="${colour}"/>`)
      : []),
    `<line class="line" stroke="${colour}" x1="${legendX}" x2="${legendX + 18}" y1="${legendY}" y2="${legendY}"/>`,
    text(legendX + 24, legendY + 4, name, ''),
  ]
}

function text(x: number, y: number, content: string, className: string, anchor = 'start'): string {
  const classes = className === '' ? 'text' : `text ${className}`
  return `<text class="${classes}" x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escaped(content)}</text>`
}

/** Share of values up to each; of many values only as many points as can be seen. `values` rise. */
export function distribution(values: readonly number[]): readonly (readonly [number, number])[] {
  const stride = Math.max(1, Math.floor(values.length / 200))
  const points: (readonly [number, number])[] = [[values[0] ?? 0, 0]]
  values.forEach((value, index) => {
    if (index % stride === stride - 1 || index === values.length - 1) points.push([value, (index + 1) / values.length])
  })
  return points
}
