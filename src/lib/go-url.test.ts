import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseGoUrl } from "./go-url.ts";

const READ: readonly (readonly [string, string, string])[] = [
  ["https://a.example.com/x?q=1#f", "https", "a.example.com"],
  ["HTTPS://a:8443", "https", "a:8443"],
  ["Not_Valid!", "", ""],
  ["mailto:x@y", "mailto", ""],
  ["//host/x", "", "host"],
  ["https://[fd00::1]:80/", "https", "[fd00::1]:80"],
  ["", "", ""],
];
for (const [text, scheme, host] of READ) {
  test(text, () => {
    const url = parseGoUrl(text);
    assert.not("error" in url);
    if (!("error" in url)) assert.equal([url.scheme, url.host], [scheme, host]);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["::", 'parse "::": missing protocol scheme'],
  ["1:2", 'parse "1:2": first path segment in URL cannot contain colon'],
  ["https://a:x/", 'parse "https://a:x/": invalid port ":x" after host'],
  ["https://a b/", 'parse "https://a b/": invalid character " " in host name'],
  ["https://a/%zz", 'parse "https://a/%zz": invalid URL escape "%zz"'],
  ["https://a/\n", 'parse "https://a/\\n": net/url: invalid control character in URL'],
];
for (const [text, error] of REFUSED) test(text, () => assert.equal(parseGoUrl(text), { error }));

test("user, query and fragment", () => {
  assert.equal(parseGoUrl("https://u:p@h/?a=b#c"), { scheme: "https", host: "h", user: "u:p", query: "a=b", fragment: "c" });
});

test.run();
