export type SessionState = "unenrolled" | "ready";
