package io.kontor.web.openapi;

import io.kontor.web.header.KontorHeaders;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springframework.http.HttpHeaders;

/** The headers of answers. Those that are not required come only where their text says so. */
final class DescribedHeaders {
  static final String PREFERENCE_APPLIED = "Preference-Applied";
  static final String TRACE_PARENT = "traceparent";

  private DescribedHeaders() {}

  /** Adds a reference to a header of this name. */
  static void add(ApiResponse response, String name) {
    response.addHeaderObject(name, new Header().$ref("#/components/headers/" + name));
  }

  static void register(Components components) {
    header(
        components,
        KontorHeaders.CORRELATION_ID,
        true,
        "The id to quote in a support request; the caller's own, where it sent one",
        new StringSchema().pattern("^[A-Za-z0-9._-]{1,64}$"));
    header(
        components,
        TRACE_PARENT,
        true,
        "The trace of this request (W3C Trace Context)",
        new StringSchema().pattern("^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"));
    header(
        components,
        KontorHeaders.POSITION,
        true,
        "The position in the event store that was reached: to be sent as Kontor-Min-Position",
        new StringSchema().pattern("^[0-9]+$"));
    header(
        components,
        KontorHeaders.IDEMPOTENT_REPLAYED,
        false,
        "`true` when this repeats the answer to an earlier request with the same key",
        new StringSchema().addEnumItem("true"));
    header(
        components,
        HttpHeaders.ETAG,
        true,
        "The version, in quotes: to be sent as If-Match",
        new StringSchema().pattern("^\"[0-9]+\"$"));
    header(
        components,
        HttpHeaders.LOCATION,
        true,
        "The path of what was created",
        new StringSchema().format("uri-reference"));
    header(
        components,
        HttpHeaders.CONTENT_DISPOSITION,
        true,
        "The name of the document's file (RFC 6266)",
        new StringSchema().pattern("^attachment; filename=\"[a-zA-Z0-9._-]+\"$"));
    header(
        components,
        PREFERENCE_APPLIED,
        true,
        "The wait that was applied, at most 30 seconds",
        new StringSchema().pattern("^wait=[0-9]+$"));
    header(
        components,
        HttpHeaders.RETRY_AFTER,
        false,
        "The seconds after which the same request may succeed; with every 503 and 429, and with"
            + " 409 `idempotency-in-progress`",
        new IntegerSchema().format(null));
    header(
        components,
        KontorHeaders.RATE_LIMIT,
        false,
        "With `rate-limited`: what is left (`r`) of the limit, and the seconds until there is more"
            + " (`t`)",
        new StringSchema().pattern("^\"[a-z-]+\";r=[0-9]+;t=[0-9]+$"));
    header(
        components,
        KontorHeaders.RATE_LIMIT_POLICY,
        false,
        "With `rate-limited`: the limit (`q`) in a minute (`w`, in seconds)",
        new StringSchema().pattern("^\"[a-z-]+\";q=[0-9]+;w=60$"));
    header(
        components,
        HttpHeaders.ACCEPT,
        true,
        "The media types that a body may have",
        new StringSchema());
    header(
        components,
        HttpHeaders.WWW_AUTHENTICATE,
        true,
        "What is wrong with the token (RFC 6750)",
        new StringSchema());
  }

  private static void header(
      Components components, String name, boolean required, String text, Schema<?> schema) {
    components.addHeaders(name, new Header().required(required).description(text).schema(schema));
  }
}
