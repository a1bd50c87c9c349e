export type Channel = "chat" | "mail" | "phone" | "walk_in";
