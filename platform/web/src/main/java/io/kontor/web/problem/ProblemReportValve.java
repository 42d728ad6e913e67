package io.kontor.web.problem;

import io.kontor.web.correlation.CorrelationContext;
import io.kontor.web.header.KontorHeaders;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/**
 * Problem details for requests that Tomcat rejects itself before any filter, such as unparsable
 * ones: it would send HTML. Tomcat instantiates the class by name.
 */
public final class ProblemReportValve extends ErrorReportValve {
  private static final Logger log = LoggerFactory.getLogger(ProblemReportValve.class);
  private static final JsonMapper JSON =
      JsonMapper.builder().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class).build();

  @Override
  protected void report(Request request, Response response, @Nullable Throwable failure) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    ProblemException problem = ProblemExceptionHandler.of(HttpStatusCode.valueOf(status));
    String path = request.getRequestURI();
    try {
      if (response.getHeader(KontorHeaders.CORRELATION_ID) == null) {
        response.setHeader(
            KontorHeaders.CORRELATION_ID, CorrelationContext.continuing(null, null).id());
      }
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response
          .getOutputStream()
          .write(JSON.writeValueAsBytes(problem.body(path == null ? "/" : path)));
      response.finishResponse();
    } catch (IOException | IllegalStateException gone) {
      log.debug("problem not written", gone);
    }
  }
}
