export type ClientCategory = "middle_school" | "high_school" | "student" | "apprentice" | "adult" | "out_of_school" | "dropout" | "allophone";
