import type { EnquiryRow } from "./EnquiryRow";

export type EnquiryList = { rows: Array<EnquiryRow>, todo: number, waiting: number, closed: number, };
