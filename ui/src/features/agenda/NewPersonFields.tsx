export { NewPersonFields } from "~/shared/booking/NewPersonFields";
