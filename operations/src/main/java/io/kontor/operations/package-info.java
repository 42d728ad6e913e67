/**
 * The HTTP API of operators and admins. It runs no projections and decides nothing itself: requests
 * are stored, and nodes with the right role carry them out.
 */
@NullMarked
package io.kontor.operations;

import org.jspecify.annotations.NullMarked;
