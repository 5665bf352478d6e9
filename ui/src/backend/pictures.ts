// Pictures of what a page shows, kept as files: by the browser's download, or by the window in the Downloads folder.
import { type AttributeFilter, printFilter } from "../model/attributes";
import { apiWindow, type TimeRange } from "../model/range";
import { getFile, pathWith } from "./http";
import { isWindow, saveByWindow } from "./tauri";

export type PictureFormat = "png" | "svg";

export type PictureQuestion = {
  name: string;
  service: string;
  attributes: AttributeFilter[];
  range: TimeRange;
  show: string;
  hide: string | null;
  theme: "dark" | "light";
  format: PictureFormat;
};

/** Gives the name or the path of the file. */
export async function saveMetricPicture(question: PictureQuestion): Promise<string> {
  const { name, service, attributes, range, show, hide, theme, format } = question;
  const address = pathWith(`/api/metrics/${encodeURIComponent(name)}/picture`, {
    ...apiWindow(range, Date.now()),
    service: service || null,
    attribute: attributes.map(printFilter),
    show,
    hide,
    theme,
    format,
  });
  if (isWindow()) return saveByWindow(address);
  const file = await getFile(address);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  // The download has its own hold on the content once it began, which is after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return file.name;
}
