// Takes a picture of what the page shows along: PNG or SVG, and says where it went.
import { Download } from "lucide-react";
import { useState } from "react";
import { type PictureFormat, saveMetricPicture } from "../../backend/pictures";
import { Button } from "../../design/Button";
import { Popup } from "../../design/Popup";
import { useTheme } from "../../design/theme";
import { readTraceFilters } from "../../model/filters";
import { useAddress } from "../../routes/address";
import { useTimeRange } from "../../routes/useTimeRange";
import type { Show } from "./lines";

const formats: readonly { format: PictureFormat; words: string }[] = [
  { format: "png", words: "PNG picture" },
  { format: "svg", words: "SVG picture" },
];

export function ExportMenu({ name, show }: { name: string; show: Show }) {
  const { params } = useAddress();
  const range = useTimeRange();
  const theme = useTheme();
  const [open, setOpen] = useState(false);
  const [told, setTold] = useState("");
  const save = (format: PictureFormat) => {
    const { service, attributes } = readTraceFilters(params);
    const hide = params.get("hide");
    setTold("Drawing…");
    saveMetricPicture({ name, service, attributes, range, show, hide, theme, format }).then(
      (place) => setTold(`Saved ${place}`),
      (fault: unknown) => setTold(fault instanceof Error ? fault.message : String(fault)),
    );
  };
  const change = (next: boolean) => {
    setOpen(next);
    setTold("");
  };
  if (show === "buckets") return null;
  return (
    <Popup
      label="Export"
      align="end"
      open={open}
      onOpenChange={change}
      trigger={
        <Button title="Save a picture of what is shown">
          <Download size={14} aria-hidden /> Export
        </Button>
      }
    >
      <div className="export-menu">
        {formats.map(({ format, words }) => (
          <button key={format} type="button" className="menu-item" onClick={() => save(format)}>
            {words}
          </button>
        ))}
        {told !== "" && (
          <p className="export-told" role="status">
            {told}
          </p>
        )}
      </div>
    </Popup>
  );
}
