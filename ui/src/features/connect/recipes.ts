// The lines to paste for each language, with the addresses that are really listening. Zero-code where there is such a way.

export type Addresses = { http: string; grpc: string };
export type Step = { text: string; lines: string };
export type Recipe = { id: string; name: string; note: string; steps: Step[] };

const environment = ({ http }: Addresses) =>
  `export OTEL_SERVICE_NAME=my-service
export OTEL_EXPORTER_OTLP_ENDPOINT=http://${http}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`;

export function recipes(at: Addresses): Recipe[] {
  return [python(at), node(at), java(at), go(at), dotnet(at), rust(at), collector(at)];
}

function python(at: Addresses): Recipe {
  return {
    id: "python",
    name: "Python",
    note: "No change to the code. Frameworks, HTTP clients and database drivers that are installed are found and traced.",
    steps: [
      {
        text: "Once, in the environment of the program",
        lines: `pip install opentelemetry-distro opentelemetry-exporter-otlp
opentelemetry-bootstrap -a install`,
      },
      {
        text: "Start it",
        lines: `${environment(at)}
export OTEL_LOGS_EXPORTER=otlp
export OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED=true
opentelemetry-instrument python app.py`,
      },
    ],
  };
}

function node(at: Addresses): Recipe {
  return {
    id: "node",
    name: "Node.js",
    note: "No change to the code. Traces, metrics and the logs of pino, winston and bunyan.",
    steps: [
      {
        text: "Once, in the folder of the program",
        lines: "npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node",
      },
      {
        text: "Start it",
        lines: `${environment(at)}
export OTEL_TRACES_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp OTEL_LOGS_EXPORTER=otlp
export NODE_OPTIONS="--require @opentelemetry/auto-instrumentations-node/register"
node app.js`,
      },
    ],
  };
}

function java(at: Addresses): Recipe {
  return {
    id: "java",
    name: "Java",
    note: "No change to the code. The agent traces well over a hundred libraries, and sends Logback and Log4j logs.",
    steps: [
      {
        text: "Once",
        lines:
          "curl -sSfLO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar",
      },
      {
        text: "Start it",
        lines: `${environment(at)}\njava -javaagent:./opentelemetry-javaagent.jar -jar app.jar`,
      },
    ],
  };
}

function go(at: Addresses): Recipe {
  return {
    id: "go",
    name: "Go",
    note: "A few lines of code: Go programs are compiled, so nothing can be put in from outside without special rights.",
    steps: [
      {
        text: "Once, in the module",
        lines: `go get go.opentelemetry.io/otel/sdk \\
  go.opentelemetry.io/contrib/exporters/autoexport \\
  go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp`,
      },
      {
        text: "In main, then wrap the handler",
        lines: `exporter, err := autoexport.NewSpanExporter(ctx) // reads OTEL_*
if err != nil {
	log.Fatal(err)
}
provider := trace.NewTracerProvider(trace.WithBatcher(exporter)) // go.opentelemetry.io/otel/sdk/trace
defer provider.Shutdown(ctx)
otel.SetTracerProvider(provider)
otel.SetTextMapPropagator(propagation.TraceContext{})

http.ListenAndServe(":8080", otelhttp.NewHandler(mux, "server"))`,
      },
      { text: "Start it", lines: `${environment(at)}\ngo run .` },
    ],
  };
}

function dotnet(at: Addresses): Recipe {
  return {
    id: "dotnet",
    name: ".NET",
    note: "No change to the code. On Windows the same comes as a PowerShell module.",
    steps: [
      {
        text: "Once",
        lines: `curl -sSfLO https://github.com/open-telemetry/opentelemetry-dotnet-instrumentation/releases/latest/download/otel-dotnet-auto-install.sh
sh ./otel-dotnet-auto-install.sh`,
      },
      {
        text: "Start it",
        lines: `. $HOME/.otel-dotnet-auto/instrument.sh
${environment(at)}
dotnet run`,
      },
    ],
  };
}

function rust(at: Addresses): Recipe {
  return {
    id: "rust",
    name: "Rust",
    note: "A few lines of code: spans of the tracing crate are sent as they are.",
    steps: [
      {
        text: "Once, in the crate",
        lines: `cargo add opentelemetry tracing tracing-opentelemetry
cargo add opentelemetry_sdk --features trace
cargo add opentelemetry-otlp --features http-proto,reqwest-blocking-client
cargo add tracing-subscriber --features env-filter`,
      },
      {
        text: "In main",
        lines: `use opentelemetry::trace::TracerProvider as _;
use tracing_subscriber::prelude::*;

let exporter = opentelemetry_otlp::SpanExporter::builder()
    .with_http() // reads OTEL_*
    .build()?;
let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder()
    .with_batch_exporter(exporter)
    .build();
tracing_subscriber::registry()
    .with(tracing_opentelemetry::layer().with_tracer(provider.tracer("my-service")))
    .with(tracing_subscriber::fmt::layer())
    .init();
// before main returns: provider.shutdown()?;`,
      },
      { text: "Start it", lines: `${environment(at)}\ncargo run` },
    ],
  };
}

function collector(at: Addresses): Recipe {
  return {
    id: "collector",
    name: "Collector",
    note: "An OpenTelemetry Collector that runs already sends a copy here. Its own receivers must listen on other ports than Watchglass.",
    steps: [
      {
        text: "Add to its configuration",
        lines: `exporters:
  otlp/watchglass:
    endpoint: ${at.grpc}
    tls:
      insecure: true

service:
  pipelines:
    traces:
      exporters: [otlp/watchglass]   # beside the ones there are
    metrics:
      exporters: [otlp/watchglass]
    logs:
      exporters: [otlp/watchglass]`,
      },
    ],
  };
}
