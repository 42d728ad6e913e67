package io.kontor.web;

import io.kontor.web.correlation.CorrelationFilter;
import io.kontor.web.problem.ContainerErrorController;
import io.kontor.web.problem.ProblemExceptionHandler;
import io.kontor.web.problem.ProblemReportValve;
import io.kontor.web.problem.SecurityProblemHandler;
import io.kontor.web.request.BodySizeLimitFilter;
import io.kontor.web.request.SingleHeaders;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every program that serves HTTP needs, whether it answers requests or forwards them: problems
 * for whatever goes wrong, correlation ids, and the limits of a request.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpProperties.class)
@Import({
  ProblemExceptionHandler.class,
  ContainerErrorController.class,
  CorrelationFilter.class,
  SingleHeaders.class
})
public class HttpServerConfiguration {
  @Bean
  SecurityProblemHandler problemAnswers(JsonMapper json) {
    return new SecurityProblemHandler(json);
  }

  @Bean
  BodySizeLimitFilter bodyLimit(HttpProperties properties, SecurityProblemHandler answers) {
    return new BodySizeLimitFilter(properties.maxBody().toBytes(), answers);
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsInsteadOfPages() {
    return tomcat ->
        tomcat.addContextCustomizers(
            context -> {
              if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
              }
            });
  }
}
