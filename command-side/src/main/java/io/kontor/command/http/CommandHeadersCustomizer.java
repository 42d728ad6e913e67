package io.kontor.command.http;

import io.kontor.command.CommandSideConfiguration;
import io.kontor.web.header.KontorHeaders;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Adds the common headers of mutations to the OpenAPI document. */
@Component
class CommandHeadersCustomizer implements OperationCustomizer {
  private static final String COMMAND_SIDE = CommandSideConfiguration.class.getPackageName() + ".";

  @Override
  public Operation customize(Operation operation, HandlerMethod method) {
    if (method.getBeanType().getPackageName().startsWith(COMMAND_SIDE)) {
      operation.addParametersItem(
          header(
              KontorHeaders.IDEMPOTENCY_KEY,
              "1 to 255 printable ASCII characters, required where money moves: the same request"
                  + " with the same key is executed once and answered alike",
              "9d0c7a52-rent-january"));
      operation.addParametersItem(
          header(HttpHeaders.IF_MATCH, "the version that the account must have", "\"3\""));
    }
    return operation;
  }

  private static Parameter header(String name, String description, String example) {
    return new Parameter()
        .in("header")
        .name(name)
        .description(description)
        .required(false)
        .schema(new StringSchema())
        .example(example);
  }
}
