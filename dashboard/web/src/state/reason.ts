// Why a question to the server failed, for people.

import { ApiError } from "../api/client";
import { t } from "../texts/texts";

export function reason(error: unknown): string {
  // The server's own words, or nothing was answered at all: what a browser says of that ("Failed to fetch") is no help.
  return error instanceof ApiError ? error.message : t.noAnswer;
}
