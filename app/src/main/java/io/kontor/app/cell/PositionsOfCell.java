package io.kontor.app.cell;

import io.kontor.web.header.KontorHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request with a position from before its tenant moved into the cell. It is past the cell's end,
 * all of its events are here, and so it means that end.
 */
final class PositionsOfCell extends HttpServletRequestWrapper {
  private static final Pattern POSITION = Pattern.compile("[1-9][0-9]{0,17}");

  private final String head;

  private PositionsOfCell(HttpServletRequest request, long head) {
    super(request);
    this.head = Long.toString(head);
  }

  /** The request for a cell whose tenant was elsewhere before. */
  static HttpServletRequest known(HttpServletRequest request, Cell cell) {
    String wanted = request.getHeader(KontorHeaders.MIN_POSITION);
    if (wanted == null || !POSITION.matcher(wanted).matches()) {
      return request;
    }
    long head = cell.head();
    return Long.parseLong(wanted) > head ? new PositionsOfCell(request, head) : request;
  }

  @Override
  public @Nullable String getHeader(String name) {
    return isPosition(name) ? head : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return isPosition(name)
        ? Collections.enumeration(Collections.singleton(head))
        : super.getHeaders(name);
  }

  private static boolean isPosition(String name) {
    return name.equalsIgnoreCase(KontorHeaders.MIN_POSITION);
  }
}
