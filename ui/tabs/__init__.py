"""The app's tabs: one file a tab, each with its handlers and its layout."""
