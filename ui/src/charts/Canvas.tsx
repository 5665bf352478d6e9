// A canvas as large as its box, sharp on every screen, drawn again when its drawing function changes.
import { type HTMLAttributes, useLayoutEffect, useRef } from "react";
import { type Size, useMeasure } from "../design/useMeasure";
import "./canvas.css";

export type Draw = (pen: CanvasRenderingContext2D, size: Size) => void;

type CanvasProps = Omit<HTMLAttributes<HTMLDivElement>, "onDraw"> & { draw: Draw; label: string };

export function Canvas({ draw, label, children, ...rest }: CanvasProps) {
  const [box, size] = useMeasure<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (element && size.width > 0 && size.height > 0) paint(element, size, draw);
  }, [draw, size]);
  return (
    <div {...rest} ref={box} className={`canvas-box ${rest.className ?? ""}`}>
      <canvas ref={canvas} role="img" aria-label={label} />
      {children}
    </div>
  );
}

export function paint(canvas: HTMLCanvasElement, size: Size, draw: Draw): void {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.round(size.width * ratio);
  const height = Math.round(size.height * ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // The picture keeps the size it was drawn at until the next one: a box that grows never stretches it.
  canvas.style.width = `${size.width}px`;
  canvas.style.height = `${size.height}px`;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size.width, size.height);
  draw(pen, size);
}
