import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { figure, markdownTable } from './markdown-table.ts'
import { measurementsPage } from './measurements-page.ts'
import { readResults } from './results-reader.ts'
import { distribution, drawPlot } from './svg-plot.ts'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

test('docs/measurements.md and its pictures are what the committed results make of them', async () => {
  const { markdown, images } = measurementsPage(await readResults())
  expect(await readFile(`${docs}measurements.md`, 'utf8'), 'run ./scripts/bench report').toBe(markdown)
  expect((await readdir(`${docs}measurements`)).toSorted()).toEqual(images.map(({ name }) => `${name}.svg`).toSorted())
  for (const { name, svg } of images) expect(await readFile(`${docs}measurements/${name}.svg`, 'utf8')).toBe(svg)
})

test('without any results the page says what is not measured', () => {
  expect(measurementsPage({}).markdown).toContain('## Not measured')
})

test('a plot keeps its points within the frame and its words out of the markup', () => {
  const svg = drawPlot({
    title: 'a < b',
    xLabel: 'x',
    yLabel: 'y',
    xTicks: [0, 10],
    yTicks: [0, 1],
    series: [{ name: 'one', points: [[-5, 2]], marks: true }],
  })
  expect(svg).toContain('a &lt; b')
  expect(svg).toContain('<circle cx="64" cy="40"')
  expect(svg).toContain('prefers-color-scheme: dark')
})

test('a distribution rises from nothing to all', () => {
  const points = distribution(Array.from({ length: 1_000 }, (_, index) => index))
  expect(points[0]).toEqual([0, 0])
  expect(points.at(-1)).toEqual([999, 1])
  expect(points.length).toBeLessThanOrEqual(202)
})

test('figures have the digits that mean something', () => {
  expect([figure(4.123), figure(41.23), figure(1_234.5), figure(7), figure(undefined), figure(null)]).toEqual([
    '4.12',
    '41.2',
    '1235',
    '7',
    '-',
    '-',
  ])
})

test('a cell cannot end its column', () => {
  expect(markdownTable(['a'], [['x|y']])).toContain('x\\|y')
})
