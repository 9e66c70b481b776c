let drawn = 0;

/** A pattern for a chart: what it fills differs from what is filled plainly by more than its colour. */
export function hatch(line: string, ground: string): {id: string; definition: SVGElement} {
  drawn += 1;
  const id = `hatch-${drawn}`;
  const definition = document.createElementNS("http://www.w3.org/2000/svg", "defs");
  definition.innerHTML = `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="6" height="6" style="fill: var(${ground})"></rect><rect width="2.4" height="6" style="fill: var(${line})"></rect></pattern>`;
  return {id, definition};
}
