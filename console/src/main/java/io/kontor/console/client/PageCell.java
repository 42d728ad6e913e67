package io.kontor.console.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The cell that a page is about: an operator's page of read models or jobs names in its path the
 * tenant whose schema or database is meant, and none for the shared tables.
 */
public final class PageCell {
  /** The pages about the shared tables, or about the tenant of the person. */
  public static final String SHARED = "/console";

  /** The pages about a cell. */
  public static final String PREFIX = SHARED + "/cells/{cell}";

  private PageCell() {}

  /** The tenant that the page of the current request names; null for none. */
  public static @Nullable String current() {
    RequestAttributes request = RequestContextHolder.getRequestAttributes();
    return request != null
            && request.getAttribute(
                    HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
                    RequestAttributes.SCOPE_REQUEST)
                instanceof Map<?, ?> variables
            && variables.get("cell") instanceof String cell
        ? cell
        : null;
  }

  /** What the paths of pages about the same cell begin with. */
  public static String home() {
    String cell = current();
    return cell == null ? SHARED : CallPath.of(SHARED + "/cells/{}", cell).value();
  }
}
