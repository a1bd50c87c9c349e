export { Alternatives } from "~/shared/booking/Alternatives";
