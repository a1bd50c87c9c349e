export type Status = "held" | "booked" | "arrived" | "attended" | "no_show" | "excused" | "cancelled" | "declined" | "expired";
