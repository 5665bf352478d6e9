// Text shortened to a width with an ellipsis; measured once per text and width.

const cache = new Map<string, string>();

export function cutText(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (width < 8) return "";
  const key = `${Math.floor(width)}${pen.font.length}${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  if (cache.size > 20_000) cache.clear();
  const result = cut(pen, text, width);
  cache.set(key, result);
  return result;
}

function cut(pen: CanvasRenderingContext2D, text: string, width: number): string {
  const full = pen.measureText(text).width;
  if (full <= width) return text;
  let keep = Math.max(1, Math.floor((text.length * width) / full));
  while (keep > 0 && pen.measureText(`${text.slice(0, keep)}…`).width > width) keep -= 1;
  return keep === 0 ? "" : `${text.slice(0, keep)}…`;
}
