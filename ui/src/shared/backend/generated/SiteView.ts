export type SiteView = { id: string, name: string, main: boolean, };
