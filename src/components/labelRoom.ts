/** What a bar draws to both sides of zero: money, negative on the left, and the labels at its ends. */
export interface LabelledBar {
  readonly left: number;
  readonly right: number;
  readonly leftLabel: string;
  readonly rightLabel: string;
}

/** Pixels that an amount takes beside its bar, with its distance from it: digits are the widest of what it consists of. */
export function labelWidth(label: string): number {
  return label === "" ? 0 : label.length * 7.2 + 8;
}

/** Of so many pixels, the share that is left for bars once the longest labels have their room. */
export function shareOfBars(bars: readonly LabelledBar[], space: number): number {
  const {left, right} = longestLabels(bars);
  return (space - left - right) / space;
}

/** The values at the ends of an axis of so many pixels on which no label leaves it. */
export function axisEnds(bars: readonly LabelledBar[], space: number): [number, number] {
  const labels = longestLabels(bars);
  const most = Math.max(...bars.map(({right}) => right));
  const least = Math.min(...bars.map(({left}) => left));
  // Where labels leave next to nothing, they rather overlap than push the bars out.
  const perPixel = (most - least) / Math.max(space - labels.left - labels.right, space / 5);
  return [least - labels.left * perPixel, most + labels.right * perPixel];
}

function longestLabels(bars: readonly LabelledBar[]): {readonly left: number; readonly right: number} {
  return {
    left: Math.max(...bars.map(({leftLabel}) => labelWidth(leftLabel))),
    right: Math.max(...bars.map(({rightLabel}) => labelWidth(rightLabel))),
  };
}
