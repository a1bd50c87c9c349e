export { refusalOf, refusalText, warningText, warningsOf } from "~/shared/booking/warnings";
