import { Component, type ReactNode } from 'react';

/** A view that breaks, or cannot be loaded, says so in its place and leaves the others alone. */
export class ViewBoundary extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div role="alert" className="notice">
        <p>This view could not be shown. The others still work.</p>
        <button type="button" onClick={() => this.setState({ broken: false })}>
          Try again
        </button>
      </div>
    );
  }
}
