export type OpenStretch = { from_min: number, to_min: number, site: string, site_name: string | null, school: boolean, };
