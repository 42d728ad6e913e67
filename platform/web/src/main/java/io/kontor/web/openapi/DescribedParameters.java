package io.kontor.web.openapi;

import io.kontor.web.header.KontorHeaders;
import io.kontor.web.paging.PageLimit;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The parameters that mean the same in every call that has them. */
final class DescribedParameters {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("cursor", "The `next` of the page before; without it, the first page"),
          Map.entry("limit", "How many items the page has at most"),
          Map.entry("at", "Counts what was booked before; now, without it"),
          Map.entry("to", "The end of the interval, excluded"),
          Map.entry("account", "Only those of this account"),
          Map.entry("customer", "Only those of this customer"),
          Map.entry("status", "Only those with this status"),
          Map.entry("state", "Only those in this state"),
          Map.entry("needsAttention", "Only those that wait for a person, or only the others"),
          Map.entry("stream", "Only those of this stream, which is the id of an account, an order"),
          Map.entry("unread", "Only those that are not read, or only those that are"),
          Map.entry("Last-Event-ID", "The id of the last one seen; those after it come first"),
          Map.entry("type", "Only those of this type"),
          Map.entry("tenant", "For operators: the only tenant whose rows are meant"),
          Map.entry("name", "The name of a projection"),
          Map.entry("subject", "The subject of the person's tokens: the `customer` of accounts"),
          Map.entry("sku", "The stock keeping unit"),
          Map.entry("hold", "The hold's id"),
          Map.entry("delivery", "The message's id"),
          Map.entry("id", "The id"));

  private DescribedParameters() {}

  static void complete(Parameter parameter) {
    String name = parameter.getName();
    boolean isText = parameter.getSchema() != null && isString(parameter.getSchema());
    if (name.equals(KontorHeaders.MIN_POSITION)) {
      parameter
          .description("Waits up to 5 seconds for a read model at or past this Kontor-Position")
          .schema(new StringSchema().pattern("^(0|[1-9][0-9]{0,17})$"));
      return;
    }
    if (name.equals("from")) {
      parameter.description(
          isText ? "The beginning of the interval, included" : "The first position");
    }
    if (parameter.getDescription() == null) {
      parameter.description(TEXTS.get(name));
    }
    Schema<?> schema = isText ? schemaOf(name) : null;
    if (schema != null) {
      parameter.schema(schema);
    }
    if (name.equals("limit")) {
      var limit = new IntegerSchema();
      limit.setMinimum(BigDecimal.ONE);
      limit.setMaximum(BigDecimal.valueOf(PageLimit.MOST));
      limit.setDefault(PageLimit.DEFAULT);
      parameter.schema(limit);
    }
  }

  static void addIdempotencyKey(Operation operation, boolean isRequired) {
    operation.addParametersItem(
        header(
                KontorHeaders.IDEMPOTENCY_KEY,
                "The same request with the same key is executed once and answered alike",
                new StringSchema().pattern("^[ -~]{1,255}$"))
            .required(isRequired));
  }

  static void addIfMatch(Operation operation) {
    operation.addParametersItem(
        header(
            HttpHeaders.IF_MATCH,
            "The ETag of the only version to be changed, or `*`; of a transfer, that of the sender",
            new StringSchema().pattern("^(\\*|\"[0-9]+\")$")));
  }

  static void addPrefer(Operation operation) {
    operation.addParametersItem(
        header(
            "Prefer",
            "`wait=10` waits up to ten seconds, and 30 at most, for the outcome (RFC 7240)",
            new StringSchema()));
  }

  /** Removes a header that springdoc has read from the signature, to be added with its text. */
  static void remove(Operation operation, String name) {
    if (operation.getParameters() != null) {
      operation.getParameters().removeIf(parameter -> name.equals(parameter.getName()));
    }
  }

  private static boolean isString(Schema<?> schema) {
    return "string".equals(schema.getType())
        || Objects.requireNonNullElse(schema.getTypes(), Set.of()).contains("string");
  }

  private static @Nullable Schema<?> schemaOf(String name) {
    return switch (name) {
      case "id", "hold" -> new StringSchema().format("uuid");
      case "at", "from", "to" -> new StringSchema().format("date-time");
      case "sku" -> new StringSchema().pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
      case "cursor" -> new StringSchema().maxLength(512);
      default -> null;
    };
  }

  private static Parameter header(String name, String text, Schema<?> schema) {
    return new Parameter().in("header").name(name).description(text).required(false).schema(schema);
  }
}
