import type { KindView } from "./KindView";
import type { SiteView } from "./SiteView";

export type OfficeView = { uai: string, name: string, zone: string, kinds: Array<KindView>, sites: Array<SiteView>, hold_min: number, };
