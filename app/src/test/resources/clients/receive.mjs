// Prints the ids of notifications until there were so many: module, bank, token, count.
import { pathToFileURL } from "node:url";

const [module, url, token, count] = process.argv.slice(2);
const { NotificationClient } = await import(pathToFileURL(module));
let left = Number(count);
const client = new NotificationClient({
  url,
  token: () => token,
  receive: ({ id }) => {
    console.log(id);
    left -= 1;
    if (left === 0) {
      setTimeout(() => client.close(), 0);
    }
  },
  failed: (failure) => console.error(String(failure)),
});
