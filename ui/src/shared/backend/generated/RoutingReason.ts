export type RoutingReason = "catchment" | "nearest" | "fallback" | "chosen";
