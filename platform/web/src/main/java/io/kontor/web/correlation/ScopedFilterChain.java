package io.kontor.web.correlation;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Binds scoped values around the remaining filter chain. */
public final class ScopedFilterChain {
  private ScopedFilterChain() {}

  /** Runs an action with a value bound. */
  public interface Binding {
    void around(ScopedValue.CallableOp<Boolean, Exception> rest) throws Exception;
  }

  public static void filter(
      Binding binding, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      binding.around(
          () -> {
            chain.doFilter(request, response);
            return true;
          });
    } catch (ServletException | IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ServletException(e);
    }
  }
}
