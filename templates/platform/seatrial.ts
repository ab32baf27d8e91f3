/** What the platform gives its teams: `npm run plan` shows what a change does to what they run. */
import { teamSpace } from "./src/team-space.ts";
import { teams } from "./teams.ts";

export default teams.map(teamSpace);
