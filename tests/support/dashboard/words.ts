import { en } from "../../../src/dashboard/messages/en.ts";
import { setWords } from "../../../src/dashboard/messages/messages.ts";

// The page fetches its language before it renders; a test has it from the start.
setWords(en);
