// Draws bars as SVG: one for each thing compared, its median and how far the rounds were apart.

import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Spread } from './statistics.ts';

export interface Bar {
  name: string;
  value: Spread;
  /** Drawn in the colour of what is ours. */
  ours: boolean;
}

const OURS = '#2563eb';
const OTHERS = '#94a3b8';

/** Bars keep their order. `axis` says what is measured, and in what. */
export async function drawBars({ title, axis, bars }: { title: string; axis: string; bars: Bar[] }): Promise<string> {
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: { labelLimit: 240 } } as const;
  const spec: TopLevelSpec = {
    background: 'white',
    padding: 12,
    width: 480,
    height: { step: 30 },
    title: { text: title, anchor: 'start', fontWeight: 'normal' },
    data: { values: bars.map(({ name, value, ours }) => ({ name, ours, ...value })) },
    layer: [
      {
        mark: { type: 'bar', height: 16 },
        encoding: {
          y,
          x: { field: 'median', type: 'quantitative', title: axis },
          color: { value: OTHERS, condition: { test: 'datum.ours', value: OURS } },
        },
      },
      {
        mark: { type: 'rule', color: '#334155' },
        encoding: { y, x: { field: 'lowest', type: 'quantitative' }, x2: { field: 'highest' } },
      },
    ],
  };
  return `${await new View(parse(compile(spec).spec), { renderer: 'none' }).toSVG()}\n`;
}
