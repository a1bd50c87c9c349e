export type Role = "receptionist" | "counsellor" | "director" | "academy_admin";
