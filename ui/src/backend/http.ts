// One request to Watchglass's API: abortable, and failing with what happened, where, and which field.
import { type Params, withParams } from "../model/filters";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null,
    readonly path: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export function pathWith(path: string, params: Params): string {
  const query = withParams(new URLSearchParams(), params).toString();
  return query === "" ? path : `${path}?${query}`;
}

/** Ours, or that of the APIs we stand in for: Prometheus names the kind beside the message. */
type ErrorBody = {
  error?: { code?: string; message?: string; field?: string } | string;
  errorType?: string;
};

async function failure(response: Response, path: string): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  let body: ErrorBody = {};
  try {
    body = JSON.parse(text) as ErrorBody;
  } catch {
    // Not JSON: a proxy or a crash answered; its text is all there is to show.
  }
  const told =
    typeof body.error === "string" ? { code: body.errorType, message: body.error } : body.error;
  const { code = "unknown", message = text.slice(0, 300) || response.statusText } = told ?? {};
  const field = typeof body.error === "string" ? undefined : body.error?.field;
  return new ApiError(response.status, code, message, field ?? null, path);
}

async function answered(
  address: string,
  path: string,
  accept: string,
  signal?: AbortSignal,
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { signal: signal ?? null, headers: { accept } });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "unreachable", "Watchglass does not answer", null, path);
  }
  if (!response.ok) throw await failure(response, path);
  return response;
}

export async function get<T>(path: string, params: Params, signal?: AbortSignal): Promise<T> {
  const response = await answered(pathWith(path, params), path, "application/json", signal);
  return (await response.json()) as T;
}

/** A file under the name that the API gives it. */
export async function getFile(address: string): Promise<File> {
  const response = await answered(address, address, "*/*");
  const disposition = response.headers.get("content-disposition") ?? "";
  const name = /filename="([^"]+)"/.exec(disposition)?.[1] ?? "watchglass";
  return new File([await response.blob()], name);
}
