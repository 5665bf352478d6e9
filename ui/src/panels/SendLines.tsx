// The shortest lines that make any OpenTelemetry program send here, with the address that listens.
import { useStatus } from "../backend/events";
import { CodeBlock } from "../design/CodeBlock";

export function SendLines({ more = [] }: { more?: readonly string[] }) {
  const status = useStatus();
  const listening = (name: string) =>
    status?.receivers.find((one) => one.name === name && one.state === "listening")?.address;
  const address = listening("otlp_http") ?? listening("main") ?? "127.0.0.1:4318";
  const lines = [
    `export OTEL_EXPORTER_OTLP_ENDPOINT=http://${address}`,
    "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
    ...more,
  ];
  return <CodeBlock label="environment" text={lines.join("\n")} />;
}
