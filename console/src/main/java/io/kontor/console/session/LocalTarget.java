package io.kontor.console.session;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page to show after the sign-in: one of the console, whatever a request asks for. */
public final class LocalTarget {
  static final String PARAMETER = "to";

  private static final String START = "/console";
  private static final Pattern PAGE =
      Pattern.compile("/console(/[A-Za-z0-9._~-]+)*(\\?[A-Za-z0-9._~%&=+:-]{0,500})?");

  private LocalTarget() {}

  /** The given page; the overview when it is none of the console. */
  public static String of(@Nullable String wanted) {
    return wanted != null && PAGE.matcher(wanted).matches() ? wanted : START;
  }

  /** The page that a request asks for. */
  static String of(HttpServletRequest request) {
    String query = request.getQueryString();
    return of(request.getRequestURI() + (query == null ? "" : "?" + query));
  }
}
