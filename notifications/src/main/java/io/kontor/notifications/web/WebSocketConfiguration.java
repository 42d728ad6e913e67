package io.kontor.notifications.web;

import io.kontor.limits.RateLimits;
import io.kontor.notifications.store.TicketStore;
import io.kontor.web.problem.SecurityProblemHandler;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.apache.tomcat.websocket.server.WsFilter;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Tomcat's WebSockets, and the tickets that open them: once a node, for cells, too. */
@Configuration(proxyBeanMethods = false)
@Profile("!cell")
class WebSocketConfiguration {
  /** Characters of a message from a client: an acknowledgement has some fifty. */
  private static final String LONGEST_TEXT = "512";

  /** Binary messages are refused; each connection has a buffer for one. */
  private static final String LONGEST_BINARY = "16";

  /** Spring Security's filter is at -100. */
  private static final int BEFORE_TOKENS_ARE_VERIFIED = -101;

  @Bean
  FilterRegistrationBean<TicketFilter> ticketFilter(
      TicketStore tickets, RateLimits limits, SecurityProblemHandler problems) {
    var filter = new FilterRegistrationBean<>(new TicketFilter(tickets, limits, problems));
    filter.addUrlPatterns("/v1/notifications/stream");
    filter.setOrder(BEFORE_TOKENS_ARE_VERIFIED);
    return filter;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> webSockets() {
    return tomcat ->
        tomcat.addContextCustomizers(
            context -> {
              context.addParameter("org.apache.tomcat.websocket.textBufferSize", LONGEST_TEXT);
              context.addParameter("org.apache.tomcat.websocket.binaryBufferSize", LONGEST_BINARY);
              context.addServletContainerInitializer(
                  (types, servlets) -> removeFilter(context), Set.of());
            });
  }

  /** A controller opens the WebSockets: Tomcat's filter would only cost each request time. */
  private static void removeFilter(Context context) {
    for (FilterDef filter : context.findFilterDefs()) {
      if (filter.getFilter() instanceof WsFilter) {
        for (FilterMap map : context.findFilterMaps()) {
          if (map.getFilterName().equals(filter.getFilterName())) {
            context.removeFilterMap(map);
          }
        }
        context.removeFilterDef(filter);
      }
    }
  }
}
