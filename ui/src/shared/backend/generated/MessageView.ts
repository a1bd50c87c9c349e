export type MessageView = { id: string, at: string, from: string, name: string, text: string, internal: boolean, };
