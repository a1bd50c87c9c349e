export type CalendarFile = { events: number, file: string, };
