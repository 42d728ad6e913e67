package io.kontor.web.security;

import java.util.stream.IntStream;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** As strict as its parent, without the regular expression for each header of each request. */
public final class PlainTextFirewall extends StrictHttpFirewall {
  public PlainTextFirewall() {
    setAllowedHeaderNames(PlainTextFirewall::isPlainText);
    setAllowedHeaderValues(PlainTextFirewall::isPlainText);
  }

  private static boolean isPlainText(String header) {
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c < ' ' || c > '~') {
        return isPlainText(header.codePoints());
      }
    }
    return true;
  }

  private static boolean isPlainText(IntStream characters) {
    return characters.allMatch(c -> Character.isDefined(c) && !Character.isISOControl(c));
  }
}
