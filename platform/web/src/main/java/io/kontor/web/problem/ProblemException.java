package io.kontor.web.problem;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.util.UriUtils;

/** A rejection to send to the client as RFC 9457 problem details. It has no stack trace. */
public final class ProblemException extends RuntimeException {
  /** RFC 3986, absolute path; without {@code //} first, which would begin a host. */
  private static final Pattern URI_PATH =
      Pattern.compile("/(?!/)(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*");

  private final HttpStatusCode status;
  private final String slug;
  private final String title;
  private final transient HttpHeaders headers;
  private final transient List<FieldError> errors;

  /**
   * An invalid value of the request.
   *
   * @param pointer a JSON pointer into the body ({@code /amount/currency}, empty for the whole
   *     body), or the name of a parameter or header
   */
  @Schema(name = "FieldError")
  public record FieldError(String pointer, String detail) {}

  /**
   * @param detail one sentence for people
   */
  public ProblemException(ProblemType type, String detail) {
    this(type.status(), type.slug(), type.title(), detail);
  }

  /** For a status of HTTP itself, which has no type of ours. */
  ProblemException(HttpStatusCode status, String slug, String title, String detail) {
    this(status, slug, title, detail, new HttpHeaders(), List.of());
  }

  private ProblemException(
      HttpStatusCode status,
      String slug,
      String title,
      String detail,
      HttpHeaders headers,
      List<FieldError> errors) {
    super(detail, null, false, false);
    this.status = status;
    this.slug = slug;
    this.title = title;
    this.headers = headers;
    this.errors = errors;
  }

  /** The resource does not exist, or the caller may not see it. */
  public static ProblemException notFound(String detail) {
    return new ProblemException(ProblemType.NOT_FOUND, detail);
  }

  /** One value of the request is invalid. */
  public static ProblemException invalid(String pointer, String detail) {
    return invalid(List.of(new FieldError(pointer, detail)));
  }

  /** With {@code Retry-After}: a retry may succeed in a second. */
  public static ProblemException tryAgain(ProblemType type, String detail) {
    return new ProblemException(type, detail).withHeader(HttpHeaders.RETRY_AFTER, "1");
  }

  static ProblemException invalid(List<FieldError> errors) {
    String detail = errors.isEmpty() ? "the request is not valid" : sentence(errors.getFirst());
    return new ProblemException(ProblemType.INVALID_REQUEST, detail).withErrors(errors);
  }

  /** A copy with one more response header. */
  public ProblemException withHeader(String name, String value) {
    var more = new HttpHeaders(headers);
    more.add(name, value);
    return new ProblemException(status, slug, title, detail(), more, errors);
  }

  public ProblemException withErrors(List<FieldError> errors) {
    return new ProblemException(status, slug, title, detail(), headers, List.copyOf(errors));
  }

  public HttpStatusCode status() {
    return status;
  }

  public String slug() {
    return slug;
  }

  /** The problem's type, a stable URI. */
  public String type() {
    return "https://kontor.example/problems/" + slug;
  }

  public String title() {
    return title;
  }

  public String detail() {
    return String.valueOf(getMessage());
  }

  public HttpHeaders headers() {
    return headers;
  }

  public List<FieldError> errors() {
    return errors;
  }

  /**
   * The response's body.
   *
   * @param path of the request, as it was sent
   */
  public ProblemDetail body(String path) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(status, detail());
    body.setType(URI.create(type()));
    body.setTitle(title);
    body.setInstance(instance(path));
    if (status.value() == HttpStatus.BAD_REQUEST.value()) {
      body.setProperty("errors", errors);
    }
    return body;
  }

  /** A request that could not be parsed may have a path that is no URI; then it is quoted. */
  private static URI instance(String path) {
    return URI.create(URI_PATH.matcher(path).matches() ? path : UriUtils.encode(path, UTF_8));
  }

  private static String sentence(FieldError error) {
    return error.pointer().isEmpty() ? error.detail() : error.pointer() + ": " + error.detail();
  }
}
