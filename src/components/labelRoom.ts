/** What a bar draws to both sides of zero: money or units, negative on the left, and the labels at its ends. */
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

/** What is read as one character may be several: an emoji of a family, a letter with its accent. */
const characters = new Intl.Segmenter("en", {granularity: "grapheme"});

/** Pixels that a character takes in a name beside a chart. */
function characterWidth(character: string): number {
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(character)) return 16;
  if (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{20000}-\u{3ffff}W@%…]/u.test(character))
    return 12;
  if (/[Mmw]/.test(character)) return 11;
  if (/[\p{Lu}\d&]/u.test(character)) return 8.2;
  return /[ijlrtf .,;:!'|()-]/.test(character) ? 4 : 6.7;
}

/** So many of the first characters of a text fit into so many pixels. */
function fitting(characters: readonly string[], space: number): number {
  let taken = 0;
  const over = characters.findIndex((character) => {
    taken += characterWidth(character);
    return taken > space;
  });
  return over === -1 ? characters.length : over;
}

/** A name as it fits into so many pixels, on two lines where one is too short: `Microsoft 365` above `Business Premium`. */
export function inTwoLines(name: string, space: number): string {
  const given = [...characters.segment(name.replace(/\s+/g, " "))].map(({segment}) => segment);
  const most = fitting(given, space);
  if (most === given.length) return given.join("");
  const blank = given.lastIndexOf(" ", most);
  const end = blank > 0 ? blank : most;
  const second = given.slice(given[end] === " " ? end + 1 : end);
  const isCut = fitting(second, space) < second.length;
  const shown = isCut ? [...second.slice(0, fitting(second, space - 12)), "…"] : second;
  return `${given.slice(0, end).join("")}\n${shown.join("")}`;
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
