// Posts one enquiry to a central service, as a family would: node tests/e2e/ask.mjs URL

import { randomUUID } from "node:crypto";
import { enquiry } from "./parts/enquiry.mjs";

const [url] = process.argv.slice(2);
if (url === undefined) {
  console.error("usage: node tests/e2e/ask.mjs URL");
  process.exit(2);
}
const response = await fetch(new URL("/v1/enquiries", url), {
  method: "POST",
  headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
  body: JSON.stringify(enquiry()),
});
console.log(response.status, await response.text());
process.exit(response.ok ? 0 : 1);
